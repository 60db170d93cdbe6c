"""The processes of one copy of the product: database, web server, worker, and who watches over them."""
