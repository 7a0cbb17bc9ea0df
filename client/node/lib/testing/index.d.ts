/** A mock of the platform for tests: a server, a sandbox for each test, cars, the clock, and an endpoint for the pushes. */

import { EtcpError } from '../index.js';
import type { Client, Push, PushKind, Time, Yuan } from '../index.js';

/** What the clock of a new sandbox shows, where it stands until the test moves it. Asia/Shanghai. */
export declare const START: Time;

/** The mock could not be started, or refused what a test asked of its control API. status is the HTTP status, or 0. */
export declare class MockError extends EtcpError {
  readonly status: number;
  /** A stable word by which refusals of one status are distinguished, such as "unknown-order"; "" where there is none. */
  readonly reason: string;
}

export interface SandboxOptions {
  /** Leave out merchants, or their no and key: they are made up, so that one fixture serves tests that run at once. */
  fixture?: Record<string, unknown>;
  /** The name of a scenario whose sandbox it starts from. */
  scenario?: string;
  /** 1 by default. The same seed and the same calls give the same codes, ids and tokens. */
  seed?: number;
  /** Where the mock reaches this machine, for the inbox; 127.0.0.1 by default. */
  host?: string;
}

/** A server that plays the platform. One serves a whole test run: tests keep apart by their sandboxes. */
export declare class Mock {
  constructor(url: string, options?: { token?: string });
  readonly url: string;
  /**
   * Uses the mock at $ETCP_MOCK_URL, where that is set (its token in $ETCP_MOCK_ADMIN_TOKEN); otherwise starts binary, by default
   * $ETCP_MOCK_BIN or etcp-mock of the PATH, on a free port of 127.0.0.1.
   */
  static start(binary?: string): Promise<Mock>;
  /** Ends the mock, if start has started it. It ends with this process in any case. */
  close(): Promise<void>;
  /** A sandbox; without a fixture its clock stands at START, with a merchant that nobody else has and a few car parks. */
  sandbox(options?: SandboxOptions): Promise<Sandbox>;
  /** Calls the control API below /__admin; a refusal is a MockError. */
  admin(method: string, path: string, body?: unknown): Promise<any>;
}

/** The mock that withSandbox uses: started at the first call, ended with this process. */
export declare function sharedMock(): Promise<Mock>;

/** An endpoint of the platform, as its path ends. */
export type Endpoint =
  | 'uservalidatecode' | 'userlogin' | 'usersigin' | 'bindcar' | 'unbindcar' | 'orderhistory' | 'orderunpay' | 'orderpaid'
  | 'carretrieve' | 'surroundingparking' | 'parkingstatus' | 'carnum';

/** What more a verification may say. */
export interface Wanted {
  /** That many, or from min to max. */
  count?: number | { min?: number; max?: number };
  /** With this code. */
  code?: number;
  merchantNo?: string;
  /** How long to wait for it, such as '1s'. */
  within?: string;
}

/** One stay of a car. Amounts are decimals of yuan as text. */
export interface Order {
  orderId: string;
  plateNumber: string;
  plateColor: string;
  parkingId: string;
  parkingName: string;
  userType: string;
  entranceTime: Time;
  exitTime?: Time;
  state: 'parked' | 'left' | 'owing';
  parkingFee: Yuan;
  paidElectronic: Yuan;
  paidCash: Yuan;
  remainingFee: Yuan;
  payments: { payOrderId: string; externalOrderId: string; merchantNo: string; payment: Yuan; payTime: Time }[];
}

/** What one test has of a mock. */
export declare class Sandbox {
  readonly mock: Mock;
  readonly id: string;
  /** Of the platform. */
  readonly url: string;
  readonly merchantNo: string;
  readonly merchantKey: string;
  /** Calls the platform as this sandbox's merchant. */
  readonly client: Client;
  /** Ends the sandbox and its inboxes. */
  close(): Promise<void>;
  /** Calls the control API below this sandbox, such as admin('GET', '/orders'): whatever the other methods do not do. */
  admin(method: string, path: string, body?: unknown): Promise<any>;
  /** Signs a user in, has it bind vehicles, and gives its token. */
  owner(phone: string, ...plates: string[]): Promise<string>;
  /** Has a car enter; without parkingId the sandbox's first car park. */
  enter(plate: string, more?: { parkingId?: string; plateColor?: string; at?: Time; userType?: '76' | '77'; fixParkingId?: string; remainingDays?: string }): Promise<Order>;
  /** Has a car leave; what it owes is paid in cash unless payment says otherwise. */
  exit(plate: string, more?: { plateColor?: string; at?: Time; payment?: 'cash' | 'withhold' | 'none' }): Promise<Order>;
  /** The stays of a plate, or of all, oldest first. */
  orders(plate?: string): Promise<Order[]>;
  /** The newest code that was sent to a phone. */
  sms(phone: string): Promise<string>;
  /** What the clock shows. */
  now(): Promise<Time>;
  /** Moves the clock by '45m', '1h30m' or '8d' and gives the time then. What falls due on the way happens first. */
  advance(by: string): Promise<Time>;
  /** Sets rules of the platform: rules({'push.encoding': 'form'}). */
  rules(changes: Record<string, unknown>): Promise<void>;
  /** Injects a fault and gives its id: fault({endpoint: 'orderpaid'}, {cut: 'after'}, {times: 1}). */
  fault(on: Record<string, unknown>, effect: Record<string, unknown>, more?: { after?: number; times?: number; probability?: number }): Promise<string>;
  /** Takes all faults away. */
  clearFaults(): Promise<void>;
  /** An endpoint on a free port that receives and verifies this merchant's pushes, each kind at a URL of its own. */
  inbox(): Promise<Inbox>;
  /** Has the merchant's pushes sent to a URL, and those of a kind in urls to that one. */
  pushTo(url: string, urls?: Partial<Record<PushKind, string>>): Promise<void>;
  /** All pushes with their attempts, oldest first. */
  pushes(): Promise<any[]>;
  /** Waits until every push that is due has been answered. */
  drain(timeout?: string): Promise<void>;
  /** The journal, or an endpoint's part of it, oldest first. */
  requests(endpoint?: Endpoint): Promise<any[]>;
  /** Asserts that the endpoint was called with this data (or more of it), and waits a second for it. A payment of 10 is 10.0, '10' and '10.0'; byValue: false compares data exactly as it was sent. */
  saw(endpoint: Endpoint, data?: Record<string, unknown>, more?: Wanted): Promise<void>;
  /** Asserts that the endpoint was not called with this data (none given: with any) until now. */
  neverSaw(endpoint: Endpoint, data?: Record<string, unknown>, more?: Wanted): Promise<void>;
  /** Asserts that a push of a kind with these fields (or more) was delivered, and waits a second for it. */
  pushed(kind: PushKind, body?: Record<string, unknown>, more?: Omit<Wanted, 'code'> & { plateNumber?: string; status?: 'pending' | 'delivered' | 'failed' }): Promise<void>;
  /** What was refused in this sandbox and why, and which pushes were not delivered; '' where nothing was. */
  report(): Promise<string>;
  /** What was done to this sandbox so far, as the text of a scenario file that does it again: etcp-mock scenario run takes it. */
  recording(): Promise<string>;
}

/** The pushes of one sandbox's merchant, verified, in the order they came. */
export declare class Inbox {
  readonly url: string;
  /** Answers the next n pushes with code 1, so that they come again. */
  failNext(n?: number): void;
  /** The next push (of a kind; others keep their place), waited for up to timeout milliseconds (5000). One that is not signed right is a failure. */
  next<K extends PushKind = PushKind>(kind?: K, options?: { timeout?: number }): Promise<Extract<Push, { kind: K }>>;
  /** Asserts that no push has come that next has not given, once all that are due are answered. */
  empty(): Promise<void>;
  /** Stops listening. */
  close(): Promise<void>;
}

/**
 * A test function that has a sandbox of its own, for node:test, Jest and Vitest alike. When it fails, what the mock refused and why
 * stands in the error's message.
 */
export declare function withSandbox<C extends unknown[]>(run: (sandbox: Sandbox, ...context: C) => unknown): (...context: C) => Promise<void>;
export declare function withSandbox<C extends unknown[]>(options: SandboxOptions & { mock?: Mock }, run: (sandbox: Sandbox, ...context: C) => unknown): (...context: C) => Promise<void>;
