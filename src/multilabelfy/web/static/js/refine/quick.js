// The quick mode of refining: one question at a time, and the whole case where an image ends in one.
import "../desk/card.js";
import "./case.js";
import "./quick-question.js";
import "../desk/picture-tools.js";
import "../saving/save-menu.js";
import "../desk/search.js";
import "../saving/status.js";
import "../desk/swipe.js";
import "../page/zoom.js";
import { begin } from "./refine-desk.js";

begin();
