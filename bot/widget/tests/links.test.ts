// @vitest-environment jsdom
import { expect, test } from "vitest";
import { safe } from "../src/chat/links";

test.each(["https://congbao.chinhphu.vn/x", "https://a.example/?q=1#2"])("%s opens", (address) => {
  expect(safe(address)).toBe(address);
});

test("an address of our own site opens", () => {
  expect(safe("/checklist/abc")).toBe(`${location.origin}/checklist/abc`);
});

test.each([
  "http://congbao.chinhphu.vn/x",
  "javascript:alert(1)",
  "JaVaScRiPt:alert(1)",
  " javascript:alert(1)",
  "java\nscript:alert(1)",
  "data:text/html,<script>alert(1)</script>",
  "vbscript:x",
  "//evil.example/x",
  "https://",
  "",
  null,
])("%s does not", (address) => {
  expect(safe(address)).toBeNull();
});
