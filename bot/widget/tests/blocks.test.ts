import { expect, test } from "vitest";
import { blocks, pieces, spoken } from "../src/chat/blocks";
import { answer } from "./answers";

const cited = { citations: [{ document: "41/2024/QH15", article: "Điều 21", effective_from: null, effective_to: null, url: null }] };

test("a verdict with its reasons, amounts and papers", () => {
  const criteria = [{ label: "Từ đủ 75 tuổi", verdict: "eligible" as const, value: "76 tuổi", legal_basis: "Điều 21, 41/2024/QH15" }];
  const text = [
    "Hưu trí xã hội – mẹ: ĐỦ ĐIỀU KIỆN.",
    "Vì sao:",
    "✓ Từ đủ 75 tuổi (mình cho biết: 76 tuổi) – Điều 21, 41/2024/QH15",
    "Được hưởng:",
    "- Trợ cấp mỗi tháng: 540.000 đồng/tháng",
    "- Thẻ bảo hiểm y tế: Được Nhà nước cấp miễn phí",
    "Giấy tờ mang theo: Tờ khai (Mẫu 01); Căn cước – Để đối chiếu.",
    "Căn cứ: Điều 21, 41/2024/QH15.",
    "Tính đến ngày 25/11/2026.",
  ].join("\n");
  expect(blocks(text, answer({ ...cited, criteria, documents: ["Tờ khai (Mẫu 01)", "Căn cước – Để đối chiếu."] }), [])).toEqual([
    { kind: "verdict", verdict: "eligible", of: "Hưu trí xã hội – mẹ" },
    { kind: "section", text: "Vì sao:", verdict: null },
    { kind: "criteria", items: criteria },
    { kind: "section", text: "Được hưởng:", verdict: null },
    { kind: "list", items: ["Trợ cấp mỗi tháng: 540.000 đồng/tháng", "Thẻ bảo hiểm y tế: Được Nhà nước cấp miễn phí"], first: null },
    { kind: "section", text: "Giấy tờ mang theo:", verdict: null },
    { kind: "list", items: ["Tờ khai (Mẫu 01)", "Căn cước – Để đối chiếu"], first: null },
  ]);
});

test("a criterion that the answer does not list is told as it stands", () => {
  expect(blocks("? Có lương hưu – Điều 21", answer(), [])).toEqual([
    { kind: "criteria", items: [{ label: "Có lương hưu – Điều 21", verdict: "unknown", value: null, legal_basis: "" }] },
  ]);
});

test("sources and day stay in the text where the card would not show them", () => {
  const lines = ["Căn cứ: Điều 21.", "Tính đến ngày 24/11/2026.", "Lưu ý: thông tin này chưa được cán bộ xác nhận, mình hỏi lại."];
  expect(blocks(lines.join("\n"), answer(), []).length).toBe(3);
  expect(blocks(lines.join("\n"), null, []).length).toBe(3);
});

test("a list is left to the buttons while they can be pressed", () => {
  const text = "Có phải mình muốn hỏi:\n- BHYT hộ nghèo\n- BHYT hộ cận nghèo";
  const buttons = ["BHYT hộ nghèo", "BHYT hộ cận nghèo"].map((title) => ({ title, payload: "x" }));
  expect(blocks(text, answer(), buttons).map((each) => each.kind)).toEqual(["title"]);
  expect(blocks(text, answer(), []).map((each) => each.kind)).toEqual(["title", "list"]);
});

test("a screening is told by groups, and what one does not get is folded", () => {
  const text = "Kết quả:\nĐủ điều kiện theo lời mình kể:\n- BHYT\nChưa thuộc diện: A; B; và 16 chính sách khác.";
  expect(blocks(text, answer(), [])).toEqual([
    { kind: "title", text: "Kết quả:" },
    { kind: "section", text: "Đủ điều kiện theo lời mình kể:", verdict: "eligible" },
    { kind: "list", items: ["BHYT"], first: null },
    { kind: "folded", title: "Chưa thuộc diện", verdict: "not_eligible", items: ["A", "B", "và 16 chính sách khác"] },
  ]);
});

test("numbered steps keep their numbers", () => {
  expect(blocks("2. Nộp phần tự đóng.\n3. Nhận thẻ.", answer(), [])).toEqual([
    { kind: "list", items: ["Nộp phần tự đóng.", "Nhận thẻ."], first: 2 },
  ]);
});

test("no letter of a line gets lost when it is taken in pieces", () => {
  const line = "Đóng 1.366.200 đồng/năm, 8,4%/năm, xem https://a.example/x?y=1. Rộng 15 m².";
  expect(pieces(line).map((piece) => piece.text).join("")).toBe(line);
  expect(pieces(line).filter((piece) => piece.kind === "amount").map((piece) => piece.text)).toEqual([
    "1.366.200 đồng/năm",
    "8,4%/năm",
    "15 m²",
  ]);
  expect(pieces(line).filter((piece) => piece.kind === "link").map((piece) => piece.text)).toEqual(["https://a.example/x?y=1"]);
});

test("only https becomes a link in a text", () => {
  expect(pieces("javascript:alert(1) http://a.example <b>x</b>")).toEqual([
    { kind: "text", text: "javascript:alert(1) http://a.example <b>x</b>" },
  ]);
});

test("read aloud, signs and abbreviations become words, and sources are left out", () => {
  const text = "✗ Từ đủ 75 tuổi – Điều 21\n- Hỏi UBND xã về BHYT\nCăn cứ: Điều 21.";
  expect(spoken({ text, answer: null })).toBe("Không đạt: Từ đủ 75 tuổi.\nHỏi Ủy ban nhân dân xã về bảo hiểm y tế");
});
