/* What may be done on the duty console now, and why not: the role's permissions (/me), the link, and what Python says of
   the panes' acts. The server decides again. */
(function (wall) {
  "use strict";

  let own = null;
  let word = null;

  /** Why an act cannot be done now; "" where it can. */
  function whyNot(name) {
    const need = own.settings.needs[name];
    if (need && wall.replay.isOn()) return word("why.replay");
    if (need && own.isOffline) return word("why.offline");
    if (need && !own.me) return word("not_known_yet");
    if (need && !own.me.permissions.includes(need)) return word(own.me.guest ? "why.guest" : "why.role");
    const acts = actsOf(name);
    return acts ? acts[name] || "" : word("why.nothing_chosen");
  }

  /** What Python says of the acts of the view that has this one. */
  function actsOf(name) {
    const { keys } = own.settings;
    const of = Object.keys(keys).find((view) => Object.values(keys[view]).includes(name));
    if (of === "incident") return wall.duty.current.page()?.acts;
    if (of === "queue") return { acknowledge_task: taskAlarm() ? "" : word("why.no_alarm") };
    if (of === "alarms") return wall.duty.current.alarm()?.acts;
    if (of === "command") return own.payloads.command?.acts;
    if (of === "shift") return own.payloads.shift?.acts;
    return {};
  }

  /** Bring every button up to date: what cannot be done says why. */
  function refresh() {
    for (const button of own.buttons) {
      const why = whyNot(button.dataset.act);
      button.setAttribute("aria-disabled", why ? "true" : "false");
      if (button.title !== why) button.title = why;
    }
  }

  /** The alarm of the row of the queue that is chosen. */
  function taskAlarm() {
    const task = wall.duty.current.task();
    return task && !task.isGone && task.item.alarm ? own.payloads.alarms?.items.find((item) => item.key === task.item.alarm) : undefined;
  }

  /** Whether a button is one of ours; the panes of triage and cases have their own. */
  const isOurs = (button) => own.buttons.includes(button);

  function start(state, words) {
    own = state;
    word = words;
  }

  wall.dutyMay = { start, whyNot, refresh, taskAlarm, isOurs };
})((window.wall = window.wall || {}));
