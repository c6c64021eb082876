// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.config;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** One secret or several, which no text of this class shows. Immutable and thread-safe. */
public record Secrets(List<String> texts) {

  static final OptionFormat<Secrets> FORMAT =
      new OptionFormat<>(
          "a text of 16 characters or more, or several with ',' between them",
          text ->
              Optional.of(Arrays.stream(text.split(",", -1)).map(String::strip).toList())
                  .filter(texts -> texts.stream().allMatch(secret -> secret.length() >= 16))
                  .map(Secrets::new));

  @Override
  public String toString() {
    return "Secrets[" + texts.size() + "]";
  }
}
