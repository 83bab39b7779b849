// The quick mode of refining: one question at a time, and the whole case where an image ends in one.
import "./refine-desk.js";
import "./refine-case.js";
import "./quick-question.js";
import { start } from "../desk/start.js";

start(document.querySelector("refine-desk"));
