// The refine page, of an expert: one case at a time.
import "./refine-desk.js";
import "./refine-case.js";
import { start } from "../desk/start.js";

start(document.querySelector("refine-desk"));
