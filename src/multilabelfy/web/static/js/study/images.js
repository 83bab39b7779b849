// The gallery of a dataset's images.
import "./live-filter.js";
