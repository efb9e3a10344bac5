// `/findings`: how the server itself is, as `easms doctor` shows it.

import { Type } from 'typebox';
import type { HttpServices } from '../services.js';
import type { Api } from './api.js';

const report = Type.Object({
  findings: Type.Array(
    Type.Object({
      about: Type.String({
        description: 'clock, database, tables, disk, log, write-ahead log, files, or a certificate',
      }),
      isWell: Type.Boolean({ description: 'false where it keeps texts from going or coming, or soon will' }),
      says: Type.String(),
    }),
  ),
});

/** Nothing is found where nobody looks. */
export function findingRoutes(api: Api, { examineServer }: HttpServices): void {
  const schema = { tags: ['findings'], response: { 200: report } };
  api.get('/findings', { schema }, async () => ({ findings: [...((await examineServer?.()) ?? [])] }));
}
