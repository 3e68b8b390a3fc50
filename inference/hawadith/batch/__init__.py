"""Jobs: scoring that can be killed at any moment and goes on with nothing lost and nothing doubled.

The data's way runs in one direction: input files → rows → shard → scores → part file → journal. A job's folder holds everything that it
needs to go on: the journal says which shards are whole, the listing says what the input was, the lock says who is at work.
"""
