import { describe, expect, test } from "vitest";
import { hasIdNumber } from "../src/chat/personal";

describe("a number of an identity card is told", () => {
  test.each([
    "căn cước của tôi 051234567890",
    "051234567890",
    "051 234 567 890",
    "051.234.567.890",
    "số của tôi là 251234567891 ạ",
    "CMND 212345678",
    "chứng minh nhân dân số 212 345 678",
    "cmnd: 212.345.678",
    "cccd cua toi la 051234567000",
  ])("%s", (text) => expect(hasIdNumber(text)).toBe(true));
});

describe("what is none lets the message pass", () => {
  test.each([
    "150000000 đồng",
    "vay 150000000 đồng được không",
    "150000000",
    "thu nhập 212345678 một năm",
    "1.050.000.000 đồng",
    "100.000.000.000",
    "dự án 120000000000 đồng",
    "sinh ngày 12/05/1950, được 540.000 đồng/tháng",
    "gọi 0905123456",
    "CMND của tôi hết hạn. Tôi vay 150000000 đồng",
    "căn cước hết hạn 25/11/2026",
    "mẹ tôi 76 tuổi",
  ])("%s", (text) => expect(hasIdNumber(text)).toBe(false));
});
