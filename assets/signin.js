/* The plain pages work without this file. On /screen it takes the token from the fragment of the address, which no
   server and no log ever sees, and sends the form. */
(function () {
  "use strict";

  function fill() {
    const box = document.querySelector(".door input[data-from-fragment]");
    if (!box) return;
    const token = new URLSearchParams(window.location.hash.slice(1)).get(box.dataset.fromFragment);
    if (!token) return;
    window.history.replaceState(null, "", window.location.pathname + window.location.search);
    box.value = token;
    box.form.submit();
  }

  document.addEventListener("DOMContentLoaded", fill);
})();
