// Makes the octets of requests that were written as XML (NAME.req.xml, or NAME.xml of a refused request), by libwbxml's
// xml2wbxml: an encoder that is not ours. Recordings are left alone: only what has no octets yet is encoded.
//
//   npm run build && node dist/scripts/encode-requests.js FOLDER…

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const doctype = '<!DOCTYPE ActiveSync PUBLIC "-//MICROSOFT//DTD ActiveSync//EN" "http://www.microsoft.com/">';

// Namespaces end in a colon there; Mime of ComposeMail is spelled in capitals and holds base64 without saying so.
function forLibwbxml(xml: string): string {
  return xml
    .replace(/^(<\?xml[^>]*>)/, `$1\n${doctype}`)
    .replaceAll(/xmlns="(\w+)"/g, 'xmlns="$1:"')
    .replaceAll(/(<\/?)Mime(?: opaque="base64")?>/g, '$1MIME>');
}

for (const folder of process.argv.slice(2))
  for (const name of readdirSync(folder).filter((each) => each.endsWith('.xml') && !each.endsWith('.ans.xml'))) {
    const octets = join(folder, name.replace(/\.xml$/, '.wbxml'));
    if (existsSync(octets)) continue;
    const input = forLibwbxml(readFileSync(join(folder, name), 'utf8'));
    writeFileSync(octets, execFileSync('xml2wbxml', ['-o', '-', '-'], { input, stdio: ['pipe', 'pipe', 'ignore'] }));
    process.stdout.write(`${octets}\n`);
  }
