// Colours code. mdBook calls it by the names of the library that usually stands here.
'use strict';
window.hljs = (() => {
  const rust = /(\/\/[^\n]*|\/\*[\s\S]*?\*\/)|(b?r?"(?:\\[\s\S]|[^"\\])*"|b?'(?:\\.|[^'\\\n])'(?!\w))|('[a-z_]\w*)|\b(as|async|await|break|const|continue|crate|dyn|else|enum|extern|fn|for|if|impl|in|let|loop|match|mod|move|mut|pub|ref|return|self|static|struct|super|trait|type|unsafe|use|where|while)\b|\b(true|false|\d[\d_]*(?:\.\d+)?(?:[iuf](?:8|16|32|64|128|size))?|0x[\da-fA-F_]+)\b|\b([A-Z]\w*|bool|char|str|[iu](?:8|16|32|64|128|size)|f32|f64)\b|\b([a-z_]\w*!)|(#!?\[[^\]\n]*\])/g;
  const python = /(#[^\n]*)|("""[\s\S]*?"""|f?r?"(?:\\.|[^"\\\n])*"|f?r?'(?:\\.|[^'\\\n])*')|(@\w+)|\b(and|as|assert|async|await|break|class|continue|def|del|elif|else|except|finally|for|from|global|if|import|in|is|lambda|nonlocal|not|or|pass|raise|return|try|while|with|yield)\b|\b(True|False|None|\d[\d_]*(?:\.\d+)?)\b|\b([A-Z]\w*)\b/g;
  const toml = /(#[^\n]*)|("(?:\\.|[^"\\\n])*")|(^\s*\[+[^\]\n]*\]+)/gm;
  const shell = /(^#[^\n]*)|("[^"\n]*")|(^\$ )/gm;
  const names = ['comment', 'string', 'symbol', 'keyword', 'literal', 'type', 'built_in', 'meta'];
  const diff = text => text.split('\n').map(line => {
    const kind = line.startsWith('+') ? 'addition' : line.startsWith('-') ? 'deletion' : line.startsWith('@@') ? 'meta' : '';
    return kind ? [kind, line] : ['', line];
  }).flatMap((piece, index) => index ? [['', '\n'], piece] : [piece]);
  const pieces = (text, pattern) => {
    const found = [];
    let last = 0;
    for (const match of text.matchAll(pattern)) {
      found.push(['', text.slice(last, match.index)]);
      const kind = match.slice(1).findIndex(group => group !== undefined);
      found.push([names[kind], match[0]]);
      last = match.index + match[0].length;
    }
    return [...found, ['', text.slice(last)]];
  };
  const languages = { rust, python, toml, console: shell, sh: shell, bash: shell };
  const highlightBlock = block => {
    const language = [...block.classList].find(name => name.startsWith('language-'))?.slice(9);
    const text = block.textContent;
    const parts = language === 'diff' ? diff(text)
      : languages[language] ? pieces(text, languages[language]) : null;
    // Lines that can be hidden are elements of their own already.
    if (!parts || block.querySelector('.boring')) return;
    block.replaceChildren(...parts.filter(([, part]) => part).map(([kind, part]) => {
      if (!kind) return part;
      const span = document.createElement('span');
      span.className = `hljs-${kind}`;
      span.textContent = part;
      return span;
    }));
  };
  return { configure() {}, highlightBlock };
})();
