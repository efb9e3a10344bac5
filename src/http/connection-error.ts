// What is answered where there is no request yet: octets that are not HTTP, headers without end, nobody in time.

import type { ConnectionError } from 'fastify';
import type { Socket } from 'node:net';
import { type ErrorAnswer, errorAnswers } from './error-answers.js';

interface Early {
  status: string;
  answer: ErrorAnswer;
}

const malformed: Early = { status: '400 Bad Request', answer: errorAnswers.BAD_PARAMETER };

// Codes of Node's parser and timers. Over-long headers are most likely a text put into a query, and which path it was is
// no longer known: a sender reads the status that belongs to the code.
const early: Record<string, Early> = {
  HPE_HEADER_OVERFLOW: { status: '413 Content Too Large', answer: errorAnswers.BODY_TOO_LARGE },
  ERR_HTTP_REQUEST_TIMEOUT: { status: '408 Request Timeout', answer: errorAnswers.BAD_PARAMETER },
};

export function refuseConnection(error: ConnectionError, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (!socket.writable) return void socket.destroy();
  const { answer, status } = early[error.code] ?? malformed;
  const body = `ERROR ${answer.code} ${answer.sentence}`;
  const head = `HTTP/1.1 ${status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${body.length}`;
  socket.end(`${head}\r\nConnection: close\r\n\r\n${body}`, () => socket.destroy());
}
