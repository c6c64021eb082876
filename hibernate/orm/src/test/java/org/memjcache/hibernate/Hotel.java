// SPDX-License-Identifier: Apache-2.0
package org.memjcache.hibernate;

import jakarta.persistence.Cacheable;
import jakarta.persistence.CascadeType;
import jakarta.persistence.Entity;
import jakarta.persistence.OneToMany;
import jakarta.persistence.OrderBy;
import java.util.ArrayList;
import java.util.List;
import org.hibernate.annotations.Cache;
import org.hibernate.annotations.CacheConcurrencyStrategy;
import org.hibernate.annotations.NaturalIdCache;

/** A hotel, with its rooms as they are cached by each strategy. */
@Entity
@Cacheable
@NaturalIdCache
class Hotel extends Lodging {

  @OneToMany(mappedBy = "hotel", cascade = CascadeType.ALL)
  @OrderBy("number")
  @Cache(usage = CacheConcurrencyStrategy.READ_WRITE)
  List<Room> rooms = new ArrayList<>();

  @OneToMany(mappedBy = "hotel")
  @OrderBy("number")
  @Cache(usage = CacheConcurrencyStrategy.NONSTRICT_READ_WRITE)
  List<Room> nonstrictRooms = new ArrayList<>();

  @OneToMany(mappedBy = "hotel")
  @OrderBy("number")
  @Cache(usage = CacheConcurrencyStrategy.READ_ONLY)
  List<Room> readOnlyRooms = new ArrayList<>();
}
