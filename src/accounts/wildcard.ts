// Patterns as administrators write them: `*` stands for any characters, `?` for one. No regular expression is made of
// them: each character of the value is looked at no more often than the pattern is long.

/** Whether the whole value fits; upper and lower case are the same. */
export function matchesWildcard(pattern: string, value: string): boolean {
  const wanted = pattern.toLowerCase();
  const given = value.toLowerCase();
  let at = 0;
  let star = -1;
  let resume = 0;
  for (let index = 0; index < given.length;) {
    if (wanted[at] === '*') {
      star = at++;
      resume = index;
    } else if (wanted[at] === '?') {
      at++;
      index += widthAt(given, index);
    } else if (at < wanted.length && wanted[at] === given[index]) {
      at++;
      index++;
    } else if (star >= 0) {
      // The last star takes one character more; those before it need no second try.
      at = star + 1;
      resume += widthAt(given, resume);
      index = resume;
    } else return false;
  }
  while (wanted[at] === '*') at++;
  return at === wanted.length;
}

// A character outside the first plane takes two.
function widthAt(text: string, index: number): number {
  return text.codePointAt(index)! > 0xffff ? 2 : 1;
}
