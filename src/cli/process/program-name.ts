/** What a person types to start duet, as hints and invitations name it. */

export const programName = "bun run start";
