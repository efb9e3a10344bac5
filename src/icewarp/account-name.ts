// Accounts that were chosen in the dialog among users and domains stand in brackets, in its list and so in smsusers.dat:
// `[pilot@example.com]`. That a name without @ in them is a domain is an assumption.

/** The name of the account, in lower case, and who is its member by that. */
export function readAccountName(written: string): { name: string; members: string[] } {
  const [, chosen] = /^\[(.*)\]$/.exec(written.trim()) ?? [];
  if (chosen === undefined) return { name: written.toLowerCase(), members: [] };
  const name = chosen.trim().toLowerCase();
  return { name, members: name === '' ? [] : [name.includes('@') ? name : `domain:${name}`] };
}

/** In brackets where the member is the one that the name says, and no other. */
export function writeAccountName({ name, members }: { name: string; members: readonly string[] }): string {
  const chosen = readAccountName(`[${name}]`).members[0];
  return members.length === 1 && members[0] === chosen ? `[${name}]` : name;
}
