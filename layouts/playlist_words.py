"""Words of the wall's pages and their playlist, zh and en."""

PLAYLIST_WORDS: dict[str, tuple[str, str]] = {
    "playlist": ("轮播", "Playlist"),
    "playlist.follows": ("轮播中", "Playlist"),
    "playlist.by_hand": ("手动", "By hand"),
    "playlist.emergency": ("突发事件，停在态势", "Emergency: situation held"),
    "no_briefing": ("还没有定稿的周报", "No briefing has been frozen yet"),
    "page.situation": ("态势", "Situation"),
    "page.backlog": ("案件", "Cases"),
    "page.forces": ("力量", "Forces"),
    "page.video": ("视频预警", "Video alerts"),
    "page.briefing": ("周报", "Briefing"),
    "key.p": ("轮播开关", "Playlist on or off"),
    "key.1": ("态势、案件、力量、视频预警、周报（1–5）", "Situation, cases, forces, video alerts, briefing (1–5)"),
}
