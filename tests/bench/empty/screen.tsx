/** The least that Ink draws: a text in a box. The floor of duet's screen. */

import { Box, render, Text } from "ink";

render(
  <Box>
    <Text>type a line</Text>
  </Box>,
  { interactive: true },
);
// Ink ends where nothing is awaited.
setInterval(() => {}, 60_000);
