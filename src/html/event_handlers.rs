//! The attributes that run script when an event occurs.

/// Whether an attribute is an event handler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EventHandler {
    /// A browser knows it.
    Known,
    /// No current browser knows it, but its name has the form of an event handler.
    Possible,
    No,
}

/// Words that start with `on` by chance. Somebody may have invented an attribute with such a name.
const ORDINARY_WORDS: [&str; 8] = ["on", "once", "one", "ones", "onion", "only", "onto", "onward"];

/// The event handlers of HTML, SVG and `MathML`, of pointer, touch, animation and transition events, and those that exist on the
/// prototypes of elements in Chromium, each without `on`. In alphabetical order.
#[rustfmt::skip]
const EVENTS: [&str; 170] = [
    "abort", "activate", "afterprint", "animationcancel", "animationend", "animationiteration", "animationstart",
    "appinstalled", "auxclick", "beforecopy", "beforecut", "beforeinput", "beforeinstallprompt", "beforematch",
    "beforepaste", "beforeprint", "beforetoggle", "beforeunload", "beforexrselect", "begin", "blur", "bounce", "cancel",
    "canplay", "canplaythrough", "change", "click", "close", "command", "contentvisibilityautostatechange",
    "contextlost", "contextmenu", "contextrestored", "copy", "cuechange", "cut", "dblclick", "devicemotion",
    "deviceorientation", "deviceorientationabsolute", "drag", "dragend", "dragenter", "dragexit", "dragleave",
    "dragover", "dragstart", "drop", "durationchange", "emptied", "encrypted", "end", "ended", "enterpictureinpicture",
    "error", "finish", "focus", "focusin", "focusout", "formdata", "freeze", "fullscreenchange", "fullscreenerror",
    "gesturechange", "gestureend", "gesturestart", "gotpointercapture", "hashchange", "input", "invalid", "keydown",
    "keypress", "keyup", "languagechange", "leavepictureinpicture", "load", "loadeddata", "loadedmetadata", "loadend",
    "loadstart", "lostpointercapture", "message", "messageerror", "mousedown", "mouseenter", "mouseleave", "mousemove",
    "mouseout", "mouseover", "mouseup", "mousewheel", "offline", "online", "orientationchange", "overscroll",
    "pagehide", "pagereveal", "pageshow", "pageswap", "paste", "pause", "play", "playing", "pointercancel",
    "pointerdown", "pointerenter", "pointerleave", "pointerlockchange", "pointerlockerror", "pointermove", "pointerout",
    "pointerover", "pointerrawupdate", "pointerup", "popstate", "prerenderingchange", "progress", "promptaction",
    "promptdismiss", "propertychange", "ratechange", "readystatechange", "rejectionhandled", "repeat", "reset",
    "resize", "resume", "scroll", "scrollend", "scrollsnapchange", "scrollsnapchanging", "search",
    "securitypolicyviolation", "seeked", "seeking", "select", "selectionchange", "selectstart", "show", "slotchange",
    "stalled", "start", "storage", "submit", "suspend", "timeupdate", "toggle", "touchcancel", "touchend", "touchmove",
    "touchstart", "transitioncancel", "transitionend", "transitionrun", "transitionstart", "unhandledrejection",
    "unload", "validationstatuschange", "visibilitychange", "volumechange", "waiting", "waitingforkey",
    "webkitanimationend", "webkitanimationiteration", "webkitanimationstart", "webkitfullscreenchange",
    "webkitfullscreenerror", "webkittransitionend", "wheel", "zoom",
];

/// Classifies an attribute by its name in lower case.
pub(crate) fn classify(attribute: &str) -> EventHandler {
    let Some(event) = attribute.strip_prefix("on") else { return EventHandler::No };
    if EVENTS.binary_search(&event).is_ok() {
        return EventHandler::Known;
    }
    let is_word = !event.is_empty() && event.bytes().all(|byte| byte.is_ascii_lowercase());
    if is_word && !ORDINARY_WORDS.contains(&attribute) { EventHandler::Possible } else { EventHandler::No }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_sorted() {
        assert!(EVENTS.is_sorted());
    }

    #[test]
    fn event_handlers_are_known_by_name() {
        for attribute in ["onclick", "onpointerdown", "onanimationstart", "onsearch", "onbegin", "onzoom", "onabort"] {
            assert_eq!(classify(attribute), EventHandler::Known, "{attribute}");
        }
        for attribute in ["only", "once", "on", "on-click", "once", "color", "one"] {
            assert_eq!(classify(attribute), EventHandler::No, "{attribute}");
        }
        assert_eq!(classify("onfuture"), EventHandler::Possible);
    }
}
