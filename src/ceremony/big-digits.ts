/** Digits large enough for the back of a room, five rows high, in dots. Pure. */

const DIGITS: Readonly<Record<string, readonly string[]>> = {
  "0": ["###", "# #", "# #", "# #", "###"],
  "1": [" # ", "## ", " # ", " # ", "###"],
  "2": ["###", "  #", "###", "#  ", "###"],
  "3": ["###", "  #", "###", "  #", "###"],
  "4": ["# #", "# #", "###", "  #", "  #"],
  "5": ["###", "#  ", "###", "  #", "###"],
  "6": ["###", "#  ", "###", "# #", "###"],
  "7": ["###", "  #", "  #", "  #", "  #"],
  "8": ["###", "# #", "###", "# #", "###"],
  "9": ["###", "# #", "###", "  #", "###"],
};
export const DIGIT_ROWS = 5;

/** A whole number as rows of dots: `#` is filled. Each dot is printed two columns wide, as a character is high. */
export function bigNumber(value: number): string[] {
  return Array.from({ length: DIGIT_ROWS }, (_, row) =>
    [...String(value)].map((digit) => DIGITS[digit]?.[row] ?? "").join(" "),
  );
}
