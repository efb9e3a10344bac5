// Patterns as administrators write them: `*` stands for any characters, `?` for one. No regular expression is made of
// them: each character of the value is looked at no more often than the pattern is long.

export function matchesWildcard(pattern: string, value: string): boolean {
  const wanted = [...pattern.toLowerCase()];
  const given = [...value.toLowerCase()];
  let at = 0;
  let star = -1;
  let resume = 0;
  for (let index = 0; index < given.length;) {
    if (wanted[at] === '*') {
      star = at++;
      resume = index;
    } else if (at < wanted.length && (wanted[at] === '?' || wanted[at] === given[index])) {
      at++;
      index++;
    } else if (star >= 0) {
      // The last star takes one character more; those before it need no second try.
      at = star + 1;
      index = ++resume;
    } else return false;
  }
  return wanted.slice(at).every((each) => each === '*');
}
