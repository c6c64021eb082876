// SPDX-License-Identifier: Apache-2.0
package org.memjcache.hibernate;

import jakarta.persistence.Cacheable;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;

/** A room of a hotel. */
@Entity
@Cacheable
class Room {

  @Id long number;

  @ManyToOne(fetch = FetchType.LAZY)
  Hotel hotel;

  Room() {}

  Room(Hotel hotel, long number) {
    this.hotel = hotel;
    this.number = number;
  }
}
