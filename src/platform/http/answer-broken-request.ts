import type { Socket } from 'node:net';
import { STATUS_CODES } from 'node:http';
import type { ErrorBody } from './error-body.js';

const REFUSED: Readonly<Record<string, readonly [status: number, code: string, message: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'request.header-fields-too-large', 'Address and headers are longer than 16 KiB together'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'request.timeout', 'The request did not arrive in time'],
};

/** What is no HTTP, or too much of it, never becomes a request: it is answered on the bare connection, like any error. */
export function answerBrokenRequest(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const [status, code, message] = REFUSED[error.code ?? ''] ?? [400, 'request.malformed', 'This is not HTTP'];
  const body: ErrorBody = {
    code,
    reason: STATUS_CODES[status] ?? 'Error',
    message,
    status: String(status),
    referenceError: `urn:guibin:error:${code}`,
    '@type': 'Error',
  };
  const text = JSON.stringify(body);
  const head = [
    `HTTP/1.1 ${status} ${body.reason}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(text)}`,
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${text}`);
}
