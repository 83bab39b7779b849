// A picture that opens enlarged, to zoom and pan. Without scripts its link shows the largest size.
import "../page/zoom.js";

class EnlargedPicture extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return; // into a tab of its own
      event.preventDefault();
      const large = new Image();
      large.src = this.querySelector("a").href;
      document.getElementById("zoom").showModal();
      document.querySelector("zoom-view").show(large);
    });
  }
}

customElements.define("enlarged-picture", EnlargedPicture);
