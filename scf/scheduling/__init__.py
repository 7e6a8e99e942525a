"""When work is done: durable jobs, the steps of the business day, and the tick that starts them."""
