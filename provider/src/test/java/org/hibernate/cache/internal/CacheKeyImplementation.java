// SPDX-License-Identifier: Apache-2.0
package org.hibernate.cache.internal;

import java.io.Serial;
import java.io.Serializable;
import java.util.Objects;

/** What Hibernate's class of this name is for a cache: its fields and equals. */
@SuppressWarnings("serial")
public final class CacheKeyImplementation implements Serializable {
  @Serial private static final long serialVersionUID = 1;

  private final Object id;
  private final String entityOrRoleName;
  private final String tenantId;
  private final int hashCode;
  private final boolean requiresDeepEquals;

  public CacheKeyImplementation(Object id, String entityOrRoleName, String tenantId, int hashCode) {
    this.id = id;
    this.entityOrRoleName = entityOrRoleName;
    this.tenantId = tenantId;
    this.hashCode = hashCode;
    this.requiresDeepEquals = id.getClass().isArray();
  }

  public Object getId() {
    return id;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CacheKeyImplementation that
        && (hashCode == that.hashCode || !requiresDeepEquals)
        && entityOrRoleName.equals(that.entityOrRoleName)
        && Objects.equals(tenantId, that.tenantId)
        && Objects.deepEquals(id, that.id);
  }

  @Override
  public int hashCode() {
    return hashCode;
  }
}
