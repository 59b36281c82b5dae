/** Names of files that the assignment has to do with. */
export const ROSTER_TEMPLATE = "inspectors.csv";
