// SPDX-License-Identifier: Apache-2.0
package org.memjcache.examples.hibernate;

import jakarta.persistence.Cacheable;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import org.hibernate.annotations.Cache;
import org.hibernate.annotations.CacheConcurrencyStrategy;

/** A room of a hotel; cached. */
@Entity
@Cacheable
@Cache(usage = CacheConcurrencyStrategy.READ_WRITE)
public class Room {

  @Id private long number;

  private int beds;

  @ManyToOne(fetch = FetchType.LAZY)
  private Hotel hotel;

  /** For Hibernate, which fills the fields. */
  @SuppressWarnings("NullAway.Init")
  protected Room() {}

  Room(Hotel hotel, long number, int beds) {
    this.hotel = hotel;
    this.number = number;
    this.beds = beds;
  }

  long getNumber() {
    return number;
  }

  int getBeds() {
    return beds;
  }

  Hotel getHotel() {
    return hotel;
  }
}
