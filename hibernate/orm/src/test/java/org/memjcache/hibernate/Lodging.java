// SPDX-License-Identifier: Apache-2.0
package org.memjcache.hibernate;

import jakarta.persistence.Id;
import jakarta.persistence.MappedSuperclass;
import org.hibernate.annotations.NaturalId;

/** Somewhere to stay. Tests say by which strategy it is cached. */
@MappedSuperclass
abstract class Lodging {

  enum Kind {
    PENSION,
    PALACE
  }

  @Id long id;

  @NaturalId(mutable = true)
  String code;

  String name;

  Kind kind;
}
