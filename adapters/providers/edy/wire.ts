/** Sixteen letters and digits are an assumption (README): the length is not published. */
export const CODE = /^[A-Za-z0-9]{16}$/;
