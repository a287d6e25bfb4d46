/** Sixteen digits: PayPay merchant help, point-code file. */
export const CODE = /^\d{16}$/;
