/** A merchant's client of the ETCP Open Platform. It works with the real platform and with etcp-mock alike. */

/** The codes of §11. */
export declare const Code: {
  readonly OK: 0;
  readonly FAILED: 1;
  readonly SERVER_ERROR: 2;
  readonly TIMESTAMP_EXPIRED: 3;
  readonly BAD_SIGNATURE: 4;
  readonly UNKNOWN_MERCHANT: 5;
  readonly BAD_PARAMETER: 6;
  readonly ORDER_UPDATE_FAILED: 7;
  readonly ORDER_CREATE_FAILED: 8;
  readonly OPERATION_FAILED: 20100;
  readonly INVALID_TOKEN: 20101;
  readonly MISSING_PARAMETER: 20102;
  readonly BAD_PHONE: 20201;
  readonly SMS_FAILED: 20202;
  readonly WRONG_SMS_CODE: 20203;
  readonly WRONG_AMOUNT: 20206;
  readonly BOUND_BY_OTHER: 20802;
  readonly TOO_MANY_BOUND: 20803;
  readonly TOO_MANY_BOUND_IN_A_MONTH: 20804;
};

/** The base of every error of this package. */
export declare class EtcpError extends Error {}

/** The platform refused a call: its code is not 0. */
export declare class PlatformError extends EtcpError {
  constructor(fields: { endpoint: string; code: number; message: string; reason?: string; requestId?: string });
  readonly endpoint: string;
  /** Of §11: compare with {@link Code}. */
  readonly code: number;
  /** The platform's own text. */
  readonly platformMessage: string;
  /** A stable word of the mock, such as plate-bound-by-other; '' elsewhere. */
  readonly reason: string;
  /** The entry in the mock's journal; '' elsewhere. */
  readonly requestId: string;
}

/** No answer came: not reached, cut, or too late. Whether the call was carried out is not known. */
export declare class TransportError extends EtcpError {
  constructor(endpoint: string, detail: string, cause?: unknown);
  readonly endpoint: string;
}

/** An answer came that is not the platform's envelope, or whose data is not what the document says. */
export declare class NotEnvelopeError extends EtcpError {
  constructor(endpoint: string, detail: string, httpStatus: number, body: string);
  readonly endpoint: string;
  readonly httpStatus: number;
  readonly body: string;
}

/** A push is not to be accepted: answer with `httpStatus` and `answer`. */
export declare class PushError extends EtcpError {
  constructor(code: number, message: string, httpStatus?: number);
  readonly code: number;
  readonly httpStatus: number;
  readonly answer: string;
}

/** An envelope as it came, whatever its code. */
export interface Answer {
  code: number;
  message: string;
  data: unknown;
  httpStatus: number;
  reason: string;
  requestId: string;
}

/** A decimal of yuan as text with at least one place: '10.0', '5.5'. {@link toFen} makes an integer of it. */
export type Yuan = string;
/** yyyy-MM-dd HH:mm:ss in Asia/Shanghai. {@link parseTime} makes a Date of it. */
export type Time = string;
/** '1' blue (default), '2' black, '3' yellow, '4' white. */
export type PlateColor = '1' | '2' | '3' | '4';

interface Stay {
  orderId: string;
  carNumber: string;
  parkingId: string;
  parkingName: string;
  entranceTime: Time;
  exitTime: Time;
  /** The whole fee. */
  parkingFee: Yuan;
}

/** A finished stay (§9.6). */
export interface HistoryOrder extends Stay {
  /** What was paid in cash. */
  actual: Yuan;
}

/** A stay with its fee so far (§9.7). carNumber is masked; exitTime is the platform's now while the car is parked. */
export interface UnpaidOrder extends Stay {
  /** What is to be paid. */
  remainingFee: Yuan;
  /** Goes into the payment as it is. */
  verificationInfo: string;
}

export interface Payment {
  token: string;
  orderId: string;
  /** The merchant's own id, unique for good. */
  externalOrderId: string;
  /** The remainingFee that was quoted. */
  payment: Yuan | number;
  payTime: Time | Date;
  verificationInfo: string;
  appId?: string;
}

/** The platform's record of a payment (§9.8). */
export interface Receipt {
  orderId: string;
  externalOrderId: string;
  payOrderId: string;
  payment: Yuan;
  payTime: Time;
}

/** A point (BD-09 degrees) with a radius ('500' to '5000' metres), a city, or the page after scrollId. */
export interface ParkingQuery {
  lat?: string;
  lon?: string;
  radius?: string;
  city?: string;
  /** '1': only with electronic payment. */
  payType?: '1';
  scrollId?: string;
}

/** A car park in a list (§9.10), all of it text. */
export interface Parking {
  id: string;
  parkingName: string;
  type: string;
  /** Minutes. */
  minFreeTime: string;
  /** Yuan an hour, an estimate. */
  avgCostPrecise: string;
  /** '8' ground, '7' underground, '146' both. */
  parkingType: string;
  /** '352m'; '' in a list by city. */
  distance: string;
  lon: string;
  lat: string;
}

/** One page of car parks. An empty list is past the end. */
export interface ParkingPage {
  list: Parking[];
  scrollId: string;
}

/** How full a car park is (§9.11): status is 充足, 紧张 or 已满. */
export interface ParkingStatus {
  totalSpace: string;
  time: Time;
  status: string;
}

export interface ClientOptions {
  /** Milliseconds, 30 000 by default. */
  timeout?: number;
  /** Gives the time of time_stamp; now by default. */
  clock?: () => Date;
  /** The platform's rule sign.whitespace. */
  whitespace?: 'exact' | 'strip' | 'either';
}

/**
 * Calls the platform as one merchant. It keeps no tokens: a token belongs to a user. Every method rejects with
 * {@link PlatformError} where the code is not 0, {@link TransportError} where no answer came, and {@link NotEnvelopeError}
 * where the answer is none of the platform's.
 */
export declare class Client {
  constructor(baseUrl: string, merchantNo: string, key: string, options?: ClientOptions);
  readonly baseUrl: string;
  readonly merchantNo: string;
  /** Signs data and sends it; a text is sent as it is. No code is an error here. */
  call(endpoint: string, data: string | Record<string, unknown>): Promise<Answer>;
  /** Has a code sent by SMS (§9.1). Again within a minute: Code.SMS_FAILED. */
  userValidateCode(mobilePhone: string): Promise<void>;
  /** Logs a user in with the code of an SMS and gives the token (§9.2). */
  userLogin(login: { mobilePhone: string; code: string; appId: string }): Promise<string>;
  /** Logs in a user whom the merchant vouches for and gives the token (§9.3; the path is usersigin). */
  userSignin(signin: { mobilePhone: string; appId: string; carNumber?: string }): Promise<string>;
  /** Binds a vehicle to the user (§9.4). */
  bindCar(binding: { token: string; plateNumber: string; plateColor?: PlateColor }): Promise<void>;
  /** Ends the user's binding of a plate, in all its colours (§9.5). */
  unbindCar(binding: { token: string; plateNumber: string }): Promise<void>;
  /** The stays that ended within the last seven days, the newest entrance first (§9.6). */
  orderHistory(token: string): Promise<HistoryOrder[]>;
  /** What a car owes (§9.7). No car, or nothing owed: an empty list. */
  orderUnpay(query: { token: string; plateNumber: string; appId?: string }): Promise<UnpaidOrder[]>;
  /** Reports that the user has paid (§9.8). The same payment again is safe and gives the first receipt. */
  orderPaid(payment: Payment): Promise<Receipt>;
  /** Proves that the user owns a vehicle, by VIN and engine number (§9.9). From then on its pushes are not masked. */
  carRetrieve(vehicle: { token: string; plateNumber: string; carFrameNum: string; carEngineNum: string; plateColor?: PlateColor }): Promise<void>;
  /** One page of car parks (§9.10). */
  surroundingParking(query: ParkingQuery): Promise<ParkingPage>;
  /** All pages, car park by car park. */
  parkings(query: ParkingQuery): AsyncGenerator<Parking, void, void>;
  /** How full a car park is (§9.11). An unknown one: Code.FAILED. */
  parkingStatus(parkingId: string): Promise<ParkingStatus>;
  /** How many vehicles the user has bound (§9.12). */
  carNum(token: string): Promise<number>;
}

export type PushKind = 'entry' | 'exit' | 'unbind' | 'certification-invalid';

interface PushBase {
  /** The same for every delivery of the same push: store it under a unique key. */
  key: string;
  /** Every field as text, without signment. */
  fields: Record<string, string>;
}

/** A car has entered (§10.1). */
export interface EntryPush extends PushBase {
  kind: 'entry';
  /** The order's id. */
  synId: string;
  /** Masked (渝****61), unless the vehicle is certified for the merchant. */
  plateNumber: string;
  parkName: string;
  parkId: string;
  entranceTime: Time;
  /** '76' long-term, '77' temporary. */
  userType: string;
  pushTime: Time | '';
  fixParkingId: string;
  remainingDays: string;
}

/** A car has left (§10.2). */
export interface ExitPush extends Omit<EntryPush, 'kind'> {
  kind: 'exit';
  exitTime: Time;
  /** Seconds. */
  stayedTime: number;
  /** The whole fee, whatever was paid before. */
  receivableFee: Yuan;
}

/** A vehicle was unbound (§10.3). */
export interface UnbindPush extends PushBase {
  kind: 'unbind';
  /** Not masked. */
  plateNumber: string;
  time: Time;
}

/** A vehicle was certified elsewhere, so that this merchant's pushes are masked again (§10.4). */
export interface CertificationInvalidPush extends Omit<UnbindPush, 'kind'> {
  kind: 'certification-invalid';
}

export type Push = EntryPush | ExitPush | UnbindPush | CertificationInvalidPush;

/** What a push is answered with once it is stored. */
export declare const ACCEPTED: string;

/**
 * Verifies the pushes of one merchant. A JSON body is verified over its own text, byte for byte as it came with signment cut
 * out; where that does not fit, over what it means, written compactly. signData is the platform's rule push.sign_data.
 */
export declare class PushVerifier {
  constructor(merchantNo: string, key: string, options?: { signData?: 'json' | 'values' | 'query' });
  /**
   * The push; throws {@link PushError}. body is the raw body, before anything has decoded it. kind is what the URL is for: unbind
   * and certification-invalid have the same fields, so each needs a URL of its own.
   */
  verify(body: Uint8Array | string, contentType?: string, kind?: PushKind): Push;
}

/** UPPER(HEX(MD5(data + key + stamp))) over the text of data before it is URL-encoded (§6). */
export declare function signRequest(data: string, key: string, stamp: string, whitespace?: 'exact' | 'strip' | 'either'): string;
/** UPPER(HEX(MD5(merchantNo + data + key))), where data is the body without signment (§10). */
export declare function signPush(merchantNo: string, data: string | Uint8Array, key: string): string;
/** An amount as the document prints it: '8.0', '5.5', '10.34'. RangeError: not a plain decimal of two places. */
export declare function yuan(amount: string | number): Yuan;
/** An amount in fen, an integer to calculate with. */
export declare function toFen(amount: string | number): number;
/** fen as an amount of yuan. */
export declare function fromFen(fen: number): Yuan;
/** A time of the platform as a Date. */
export declare function parseTime(text: Time): Date;
/** A Date, or a text that is checked, as the platform writes it. */
export declare function formatTime(when: Date | Time): Time;
