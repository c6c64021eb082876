// SPDX-License-Identifier: Apache-2.0
package org.memjcache.support;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** Texts made to confuse keys: of delimiters, escapes, markers, and halves of characters. */
public final class HostileTexts {

  public static final List<String> PIECES =
      List.of(
          ":", "/", "%", "~", ".", ",", "(", ")", "_", "-", " ", "\n", "\0", "\u007F", "A", "a",
          "2F", "%2F", "%25", "%3A", "é", "€", "😀", "\uD83D", "\uDE00", "version", "S", "::");

  private HostileTexts() {}

  /** The empty text, each piece, and all pairs of the first pieces. */
  public static List<String> all(int piecesInPairs) {
    List<String> texts = new ArrayList<>(PIECES);
    texts.add("");
    for (String first : PIECES.subList(0, piecesInPairs)) {
      for (String second : PIECES.subList(0, piecesInPairs)) {
        if (!texts.contains(first + second)) {
          texts.add(first + second);
        }
      }
    }
    return texts;
  }

  public static Arbitrary<String> any() {
    Arbitrary<String> joined =
        Arbitraries.of(PIECES).list().ofMaxSize(6).map(pieces -> String.join("", pieces));
    Arbitrary<String> longOnes =
        Arbitraries.of(PIECES).flatMap(p -> Arbitraries.integers().between(1, 1000).map(p::repeat));
    return Arbitraries.oneOf(joined, joined, Arbitraries.strings(), longOnes);
  }
}
