// Shows one state of a schedule after the other. All texts come from the page's data.
'use strict';
(() => {
  const start = section => {
    section.dataset.started = '';
    const find = selector => section.querySelector(selector);
    const all = selector => [...section.querySelectorAll(selector)];
    const data = JSON.parse(find('.replay-data').textContent);
    const end = data.positions.length - 1;
    const slider = find('.replay-where input');
    const threadRows = all('.replay-threads tr');
    const objectRows = all('.replay-objects tr');
    const source = find('.replay-source');
    const lines = new Map(all('.replay-line').map(line =>
      [`${line.closest('.replay-file').dataset.file}:${line.dataset.line}`, line]));
    const rows = new Map(all('.replay-schedule tr[data-at]').map(row => [Number(row.dataset.at), row]));
    const names = all('.replay-file').map(file =>
      [file.dataset.file, file.querySelector('.replay-name').textContent.split('/').pop()]);
    const short = Object.fromEntries(names);
    const calm = matchMedia('(prefers-reduced-motion: reduce)');

    // The data has what changed from position to position; here is what holds at each.
    let threads = [], objects = [];
    const states = data.positions.map(position => {
      threads = [...threads];
      objects = [...objects];
      for (const [index, does, at] of position.threads ?? []) threads[index] = { does, at };
      for (const [index, holds] of position.objects ?? []) objects[index] = holds;
      return { threads, objects };
    });
    let here = 0;

    // What stands between two backticks is code.
    const put = (element, text) => {
      if (element.dataset.text === text) return false;
      element.dataset.text = text;
      element.replaceChildren(...text.split('`').map((part, index) => {
        if (index % 2 === 0) return part;
        const code = document.createElement('code');
        code.textContent = part;
        return code;
      }));
      return true;
    };
    const showThreads = (state, who) => {
      for (const line of lines.values()) {
        line.classList.remove('replay-now', 'replay-there');
        put(line.firstElementChild, '');
      }
      state.threads.forEach(({ does, at }, index) => {
        const row = threadRows[index];
        const line = at && lines.get(at.join(':'));
        put(row.querySelector('.replay-does'), does);
        put(row.querySelector('.replay-at'), at && does !== 'ended' ? `${short[at[0]] ?? '?'}:${at[1]}` : '');
        row.classList.toggle('replay-acts', index === who);
        if (!line || does === 'ended') return;
        put(line.firstElementChild, line.firstElementChild.textContent + row.querySelector('b').textContent);
        line.classList.add(index === who ? 'replay-now' : 'replay-there');
      });
    };
    const reveal = (box, element) => {
      const place = element.getBoundingClientRect(), frame = box.getBoundingClientRect();
      if (place.top >= frame.top + 40 && place.bottom <= frame.bottom - 40) return;
      box.scrollTo({
        top: box.scrollTop + place.top - frame.top - frame.height / 3,
        behavior: calm.matches ? 'instant' : 'smooth',
      });
    };
    const show = to => {
      here = Math.max(0, Math.min(end, to));
      const position = data.positions[here], state = states[here];
      put(find('.replay-said'), position.said);
      put(find('.replay-where output'), here === end ? `${here} of ${end}: the failure` : `${here} of ${end}`);
      slider.value = here;
      slider.setAttribute('aria-valuetext', `${here} of ${end}`);
      showThreads(state, position.who);
      state.objects.forEach((holds, index) => {
        put(objectRows[index].querySelector('td'), holds);
        const before = states[here - 1]?.objects[index] ?? holds;
        objectRows[index].classList.toggle('replay-changed', before !== holds);
      });
      for (const [at, row] of rows) {
        if (at === here) row.setAttribute('aria-current', 'step');
        else row.removeAttribute('aria-current');
        row.classList.toggle('replay-later', at > here);
      }
      for (const button of all('[data-go]')) {
        const stuck = ['first', 'back', 'switch-back'].includes(button.dataset.go) ? here === 0 : here === end;
        button.setAttribute('aria-disabled', stuck);
      }
      section.classList.toggle('replay-failed', here === end);
      // Where nobody acts, as in a deadlock, the lines in conflict are what there is to see.
      const now = find('.replay-now') ?? (here === end && find('.replay-marked'));
      if (now) reveal(source, now);
    };

    const moves = {
      first: () => 0,
      last: () => end,
      back: () => here - 1,
      on: () => here + 1,
      'switch-on': () => data.switches.find(at => at > here) ?? end,
      'switch-back': () => data.switches.findLast(at => at < here) ?? 0,
    };
    const keys = {
      ArrowLeft: 'back', ArrowRight: 'on', Home: 'first', End: 'last',
      n: 'switch-on', N: 'switch-on', p: 'switch-back', P: 'switch-back',
    };
    section.addEventListener('click', event => {
      const button = event.target.closest('[data-go]');
      if (button) return show(moves[button.dataset.go]());
      const row = event.target.closest('tr[data-at]');
      // Who selects text in a row does not want to go there.
      if (!row || String(getSelection())) return;
      section.focus({ preventScroll: true });
      show(Number(row.dataset.at));
    });
    slider.addEventListener('input', () => show(Number(slider.value)));
    const whole = section.dataset.replay === 'page';
    (whole ? document : section).addEventListener('keydown', event => {
      const move = keys[event.key];
      if (!move || event.ctrlKey || event.altKey || event.metaKey) return;
      // A slider moves by itself, except by letters.
      if (event.target === slider && event.key.length > 1) return event.stopPropagation();
      if (event.target.matches?.('input, textarea, select') && event.target !== slider) return;
      event.preventDefault();
      event.stopPropagation();
      show(moves[move]());
    });
    for (const hidden of all('.replay-controls, .replay-state')) hidden.hidden = false;
    section.classList.add('replay-live');
    show(0);
  };
  for (const section of document.querySelectorAll('[data-replay]:not([data-started])')) start(section);
})();
