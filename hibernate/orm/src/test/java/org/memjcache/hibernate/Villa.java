// SPDX-License-Identifier: Apache-2.0
package org.memjcache.hibernate;

import jakarta.persistence.Cacheable;
import jakarta.persistence.Entity;
import org.hibernate.annotations.NaturalIdCache;
import org.hibernate.annotations.TenantId;

/**
 * A villa of one of the tenants whose rows are in its table. Hibernate caches no collections of
 * such entities, so it has none.
 */
@Entity
@Cacheable
@NaturalIdCache
class Villa extends Lodging {

  @TenantId String tenant;
}
