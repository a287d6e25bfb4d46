/** Sixteen letters and digits, entered in four groups: nanaco registration page. */
export const CODE = /^[A-Za-z0-9]{16}$/;
