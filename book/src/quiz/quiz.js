// Quizzes: what was chosen is compared with the key behind the question, which holds every reason.
(() => {
  "use strict";

  const plain = text => text.replace(/[\s`]/g, "").toLowerCase();

  // The answers of a question that are chosen or typed, as items of its key.
  const chosen = (form, items) => {
    const field = form.querySelector("input[type=text]");
    if (!field) {
      const inputs = form.querySelectorAll("input:checked");
      return [...inputs].map(input => items[Number(input.value)]);
    }
    const typed = plain(field.value);
    if (!typed) return [];
    const known = items.find(item => plain(item.querySelector(".quiz-text")?.textContent ?? "") === typed);
    return [known ?? items.find(item => "other" in item.dataset)];
  };

  const verdict = (form, items, given) => {
    const right = items.filter(item => "right" in item.dataset);
    const hits = given.filter(item => "right" in item.dataset);
    const many = form.querySelector("input[type=checkbox]");
    if (!many) return hits.length ? "✓ Right." : "✗ Not right.";
    if (hits.length < given.length) return "✗ Not right: one of the chosen answers is wrong, at least.";
    return hits.length < right.length ? "✗ Not complete: what is chosen is right, but something is missing." : "✓ Right.";
  };

  // Said once, as a whole, to whoever listens instead of looking.
  const say = (said, sentence, items) => {
    said.replaceChildren();
    const first = document.createElement("p");
    first.className = "quiz-verdict";
    first.textContent = sentence;
    said.append(first);
    for (const item of items) {
      for (const part of item.querySelectorAll(":scope > p")) {
        said.append(part.cloneNode(true));
      }
    }
  };

  for (const form of document.querySelectorAll("form.quiz-question")) {
    const key = form.nextElementSibling;
    const items = [...key.querySelectorAll(":scope > ul > li")];
    const said = form.querySelector(".quiz-said");
    form.querySelector(".quiz-buttons").hidden = false;
    form.addEventListener("submit", event => {
      event.preventDefault();
      const given = chosen(form, items);
      if (!given.length) {
        say(said, "Nothing is answered yet.", []);
        return;
      }
      const sentence = verdict(form, items, given);
      const right = sentence.startsWith("✓");
      form.dataset.answered = right ? "right" : "wrong";
      say(said, sentence, given);
      // Why the other answers are wrong is worth knowing too.
      if (right) key.open = true;
    });
    form.addEventListener("input", () => {
      delete form.dataset.answered;
      said.replaceChildren();
    });
    // The book around it turns pages with the arrows, which choose an answer here, and has letters
    // for its search, which are typed here.
    form.addEventListener("keydown", event => {
      if (event.key.startsWith("Arrow") || event.target.type === "text") event.stopPropagation();
    });
  }
})();
