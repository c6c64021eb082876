// SPDX-License-Identifier: Apache-2.0
package org.springframework.cache.interceptor;

import java.io.Serial;
import java.io.Serializable;
import java.util.Arrays;

/** What Spring's class of this name is for a cache: its fields and equals. */
@SuppressWarnings("serial")
public final class SimpleKey implements Serializable {
  @Serial private static final long serialVersionUID = 1;

  private final Object[] params;
  private final transient int hashCode;

  public SimpleKey(Object... params) {
    this.params = params.clone();
    this.hashCode = Arrays.deepHashCode(params);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SimpleKey that && Arrays.deepEquals(params, that.params);
  }

  @Override
  public int hashCode() {
    return hashCode == 0 ? Arrays.deepHashCode(params) : hashCode;
  }
}
