// The annotate page.
import "./annotate-desk.js";
import "./answer-sheet.js";
import { start } from "../desk/start.js";

start(document.querySelector("annotate-desk"));
