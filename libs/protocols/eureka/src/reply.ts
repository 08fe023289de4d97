/** An answer of the Eureka protocol, before it becomes HTTP. No body means zero bytes: clients decode whatever they get. */
export interface EurekaReply {
  readonly status: number;
  readonly contentType?: string;
  readonly body?: Buffer | string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const OK: EurekaReply = { status: 200 };
export const NO_CONTENT: EurekaReply = { status: 204 };
export const BAD_REQUEST: EurekaReply = { status: 400 };
export const FORBIDDEN: EurekaReply = { status: 403 };
export const NOT_FOUND: EurekaReply = { status: 404 };
export const NOT_ACCEPTABLE: EurekaReply = { status: 406 };
export const UNSUPPORTED_MEDIA_TYPE: EurekaReply = { status: 415 };
