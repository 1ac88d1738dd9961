/** The command that starts duet, for hints and invitations. */

export const programName = "bun run start";
