// The refine page's behaviours: the same keys, search and zoom as the annotate page, around one case at a time.
import "./card.js";
import "./case.js";
import "./picture-tools.js";
import "./save-menu.js";
import "./search.js";
import "./status.js";
import "./swipe.js";
import "./zoom.js";
import { begin } from "./refine-desk.js";

begin();
