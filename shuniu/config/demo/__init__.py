"""The demonstration: an invented city union whose story is told by the product's own actions.

Everything is told in one transaction of `shuniu_owner`, who alone may move the database's clock: the story
begins two years back, every act carries its own day, and at the end the clock is real again. What fails
leaves nothing behind.
"""
