// The quick mode of refining: one question at a time, and the whole case where an image ends in one.
import "./card.js";
import "./case.js";
import "./quick-question.js";
import "./picture-tools.js";
import "./save-menu.js";
import "./search.js";
import "./status.js";
import "./swipe.js";
import "./zoom.js";
import { begin } from "./refine-desk.js";

begin();
