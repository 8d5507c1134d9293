import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from './eventually.js';

export interface ReceivedMessage {
  readonly to: string;
  readonly text: string;
}

/** What the gateway does with a message: takes it (the default), or answers so. */
type Behaviour = {
  readonly status: number;
  readonly body?: string;
  readonly afterMs?: number;
  readonly headers?: Record<string, string>;
};

/** An SMS gateway that keeps what it was sent. */
export interface SmsGateway {
  readonly url: string;
  readonly received: ReceivedMessage[];
  readonly authorizations: (string | undefined)[];
  behaviour: Behaviour;
  /** The code of the newest message to the number, once there are this many of them. */
  codeSentTo(msisdn: string, nth?: number): Promise<string>;
  close(): Promise<void>;
}

const TAKES_IT: Behaviour = { status: 202, body: '{"messageId":"m-1"}' };

export async function startSmsGateway(): Promise<SmsGateway> {
  const received: ReceivedMessage[] = [];
  const authorizations: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    void textOf(request).then((text) => {
      if (request.method === 'POST' && text !== '') received.push(JSON.parse(text) as ReceivedMessage);
      authorizations.push(request.headers.authorization);
      const { status, body = '', afterMs = 0, headers = {} } = gateway.behaviour;
      setTimeout(() => response.writeHead(status, headers).end(body), afterMs).unref();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const gateway: SmsGateway = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/messages`,
    received,
    authorizations,
    behaviour: TAKES_IT,
    codeSentTo: async (msisdn, nth = 1) => {
      const to = `+86${msisdn}`;
      await eventually(async () => received.filter((message) => message.to === to).length >= nth);
      return /\d{6}/.exec(received.filter((message) => message.to === to).at(-1)?.text ?? '')?.[0] ?? '';
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return gateway;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
