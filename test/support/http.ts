import type { NestFastifyApplication } from '@nestjs/platform-fastify';

export interface Request {
  readonly method?: string;
  readonly url: string;
  /** An object is sent as JSON; text and bytes as they are, under the `content-type` among the headers. */
  readonly payload?: unknown;
  /** An empty value leaves the header out. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The JSON of the body, `undefined` when there is none. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into bodies of every shape
  readonly body: any;
}

export type Call = (request: Request) => Promise<Answer>;

/** Lets the application listen on a free port and calls it through a real socket. `app.close()` ends it. */
export async function listen(app: NestFastifyApplication): Promise<Call> {
  await app.listen(0, '127.0.0.1');
  return callTo(await app.getUrl());
}

/** Calls an application that listens there. */
export function callTo(address: string): Call {
  return async ({ method = 'GET', url, payload, headers = {} }) => {
    const sent = {
      ...(payload !== undefined && !isRaw(payload) && { 'content-type': 'application/json' }),
      ...headers,
    };
    const response = await fetch(address + url, {
      method,
      headers: Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== '')),
      ...(payload !== undefined && { body: isRaw(payload) ? payload : JSON.stringify(payload) }),
    });
    const text = await response.text();
    const isJson = text !== '' && /^application\/(?!x-ndjson).*json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      text,
      body: isJson ? (JSON.parse(text) as unknown) : undefined,
    };
  };
}

const isRaw = (payload: unknown): payload is string | Uint8Array<ArrayBuffer> =>
  typeof payload === 'string' || payload instanceof Uint8Array;
