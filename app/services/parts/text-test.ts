/** Where the address of a text's test is sealed for. */
export const TEST_ADDRESS_PLACE = 'text_tests.address';
