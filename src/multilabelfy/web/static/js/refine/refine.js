// The refine page's behaviours: the same keys, search and zoom as the annotate page, around one case at a time.
import "../desk/card.js";
import "./case.js";
import "../desk/picture-tools.js";
import "../saving/save-menu.js";
import "../desk/search.js";
import "../saving/status.js";
import "../desk/swipe.js";
import "../page/zoom.js";
import { begin } from "./refine-desk.js";

begin();
