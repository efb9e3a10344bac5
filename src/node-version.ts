// Which Node runs this program; asked before anything is loaded that an older one could not even parse.

/** The sentence that refuses a Node the dependencies are not built for, or undefined. */
export function nodeVersionProblem(version: string = process.versions.node): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isServed = (major === 20 && minor >= 19) || (major === 22 && minor >= 14) || major > 22;
  return isServed ? undefined : `easms needs Node 20.19 or later in 20, or 22.14 or later; this is ${version}`;
}

/** Whether several threads may listen at one port: Node's option for it is of 22.12 and 23.1. */
export function canSharePort(version: string = process.versions.node): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return (major === 22 && minor >= 12) || (major === 23 && minor >= 1) || major > 23;
}
